// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Marks what the shared library exports; everything else stays hidden inside it.
#define QDMIKIT_EXPORT __attribute__((visibility("default")))
