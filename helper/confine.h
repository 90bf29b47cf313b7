/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The system-call filter. One of two files is built: confine-seccomp.c, or confine-none.c with the
 * build option -Dseccomp=disabled.
 */
#pragma once

/* From here on every system call but the few on the list fails with EPERM. No new privileges must
 * be possible already. 0 or -errno. */
int lsc_confine (void);
