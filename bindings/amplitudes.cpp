// SPDX-License-Identifier: Apache-2.0
#include "amplitudes.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/complex.h>

#include <memory>
#include <string_view>
#include <vector>

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

using PyJob = Owned<Job>;

// A read-only array that owns its values.
template <typename T>
nb::object array_of(std::vector<T> values) {
  auto owned = std::make_unique<std::vector<T>>(std::move(values));
  const T* data = owned->data();
  const std::size_t size = owned->size();
  const nb::capsule owner(owned.get(), [](void* vector) noexcept { delete static_cast<std::vector<T>*>(vector); });
  owned.release();  // NOLINT(bugprone-unused-return-value): the capsule has it now
  return nb::cast(nb::ndarray<nb::numpy, const T, nb::ndim<1>>(data, {size}, owner));
}

template <auto Read>
nb::object dense(const PyJob& job, std::size_t program) {
  auto values = [&] {
    const ReleasedGil without_gil;
    return (job.*Read)(program);
  }();
  return array_of(std::move(values));
}

template <auto Read>
nb::dict sparse(const PyJob& job, std::size_t program) {
  const auto values = [&] {
    const ReleasedGil without_gil;
    return (job.*Read)(program);
  }();
  nb::dict result;
  for (const auto& [bits, value] : values) {
    result[nb::str(bits.data(), bits.size())] = value;
  }
  return result;
}

}  // namespace

void bind_amplitudes(nb::class_<PyJob>& bound) {
  bound
      .def("state_vector", &dense<&Job::state_vector>, nb::arg("program") = 0,
           nb::sig("def state_vector(self, program: int = 0) -> numpy.typing.NDArray[numpy.complex128]"),
           "The amplitude of each basis state. See Result.state_vector.")
      .def("sparse_state_vector", &sparse<&Job::sparse_state_vector>, nb::arg("program") = 0,
           nb::sig("def sparse_state_vector(self, program: int = 0) -> dict[str, complex]"),
           "The amplitudes that are not zero. See Result.sparse_state_vector.")
      .def("probabilities", &dense<&Job::probabilities>, nb::arg("program") = 0,
           nb::sig("def probabilities(self, program: int = 0) -> numpy.typing.NDArray[numpy.float64]"),
           "The probability of each basis state. See Result.probabilities.")
      .def("sparse_probabilities", &sparse<&Job::sparse_probabilities>, nb::arg("program") = 0,
           nb::sig("def sparse_probabilities(self, program: int = 0) -> dict[str, float]"),
           "The probabilities that are not zero. See Result.sparse_probabilities.");
}

}  // namespace qdmikit::bindings
