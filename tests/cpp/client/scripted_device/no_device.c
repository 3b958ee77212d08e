/* SPDX-License-Identifier: Apache-2.0 */
/* A library that has nothing to do with QDMI. */
__attribute__((visibility("default"))) int something_else(void);
int something_else(void) { return 42; }
