/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Limits: how much of the helper one sender and one user may have.
 *
 * Every Open takes a place before anything is done for it, and gives it back when it was refused or
 * its session has ended. No D-Bus, no clock: both are told.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#define LSC_DOOR_LIMITS_PENDING_PER_SENDER 1u
#define LSC_DOOR_LIMITS_SESSIONS_PER_UID 2u /* being asked for or running */
#define LSC_DOOR_LIMITS_SESSIONS 8u
#define LSC_DOOR_LIMITS_OPENS_PER_MINUTE 32u

typedef struct _LscDoorLimits LscDoorLimits;

/* `opens_per_minute` of one user, admitted or not. */
LscDoorLimits *lsc_door_limits_new (guint opens_per_minute);
void lsc_door_limits_free (LscDoorLimits *self);

/* A place for an Open, never 0; or 0, and *out_reason says which limit it is. */
guint lsc_door_limits_admit (
    LscDoorLimits *self, const char *sender, uint32_t uid, gint64 now_us, const char **out_reason);
/* The Open was answered: its sender may ask again, its session still counts. */
void lsc_door_limits_set_running (LscDoorLimits *self, guint place);
/* Refused, or the session is over. */
void lsc_door_limits_release (LscDoorLimits *self, guint place);
/* Places taken now. */
guint lsc_door_limits_get_n_taken (const LscDoorLimits *self);
