// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace qdmikit {

/// The amplitude of each basis state, 2^n of them. Bit i of the position is the value of qubit i.
using StateVector = std::vector<std::complex<double>>;

/// The probability of each basis state, 2^n of them. Bit i of the position is the value of qubit i.
using Probabilities = std::vector<double>;

/// The amplitudes that are not zero, by bitstring; its leftmost character is the highest qubit.
using SparseStateVector = std::map<std::string, std::complex<double>, std::less<>>;

/// The probabilities that are not zero, by bitstring; its leftmost character is the highest qubit.
using SparseProbabilities = std::map<std::string, double, std::less<>>;

}  // namespace qdmikit
