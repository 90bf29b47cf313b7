/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a fuzz target is: libFuzzer's one function. Without libFuzzer, replay.c calls it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Always 0. A finding ends the program. */
int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n_bytes);
