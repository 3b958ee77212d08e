// SPDX-License-Identifier: Apache-2.0
// The C interface is the C++ interface, too: the same text, by a C++ compiler.
#include "figure_1.c"  // NOLINT(bugprone-suspicious-include)
