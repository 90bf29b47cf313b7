/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The subcommands, one file each.
 */
#pragma once

#include "cli/usage.h"

extern const LscSubcommand lsc_record_subcommand;
extern const LscSubcommand lsc_info_subcommand;
extern const LscSubcommand lsc_stats_subcommand;
extern const LscSubcommand lsc_narrate_subcommand;
extern const LscSubcommand lsc_path_subcommand;
extern const LscSubcommand lsc_export_subcommand;
extern const LscSubcommand lsc_render_subcommand;
extern const LscSubcommand lsc_can_record_subcommand;
