/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who is who in a Perfetto trace: processes, threads, the machine, its clocks.
 */
#pragma once

#include "lib/files/import-book.h"

#include "perfetto.pb-c.h"

/* Notes what the packet says about them, if it does. */
void lsc_import_who_take (LscImportBook *book,
                          LscRecordHeader *header,
                          const LscPb__TracePacket *packet);
