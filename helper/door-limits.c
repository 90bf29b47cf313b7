/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/door-limits.h"

#define MINUTE_US (60 * G_USEC_PER_SEC)

typedef struct
{
  guint number;
  uint32_t uid;
  char *sender;
  gboolean pending;
} Place;

typedef struct
{
  uint32_t uid;
  gint64 at_us;
} Open;

struct _LscDoorLimits
{
  guint opens_per_minute;
  guint last_number;
  GArray *places; /* Place, at most LSC_DOOR_LIMITS_SESSIONS */
  GArray *opens;  /* Open of the last minute; bounded, as nobody is noted twice over the limit */
};

static void
clear_place (gpointer data)
{
  g_free (((Place *) data)->sender);
}

LscDoorLimits *
lsc_door_limits_new (guint opens_per_minute)
{
  LscDoorLimits *self = g_new0 (LscDoorLimits, 1);

  self->opens_per_minute = opens_per_minute;
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_set_clear_func (self->places, clear_place);
  self->opens = g_array_new (FALSE, FALSE, sizeof (Open));
  return self;
}

void
lsc_door_limits_free (LscDoorLimits *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->places);
  g_array_unref (self->opens);
  g_free (self);
}

/* Whether this user may ask once more; notes it if so. Everybody's older ones are forgotten. */
static gboolean
note_open (LscDoorLimits *self, uint32_t uid, gint64 now_us)
{
  const Open open = { .uid = uid, .at_us = now_us };
  guint n = 0;

  for (guint i = self->opens->len; i-- > 0;)
    {
      const Open *old = &g_array_index (self->opens, Open, i);

      if (now_us - old->at_us >= MINUTE_US)
        g_array_remove_index_fast (self->opens, i);
      else
        n += old->uid == uid;
    }
  if (n >= self->opens_per_minute)
    return FALSE;
  g_array_append_val (self->opens, open);
  return TRUE;
}

static const char *
find_limit (const LscDoorLimits *self, const char *sender, uint32_t uid)
{
  guint n_pending = 0;
  guint n_of_uid = 0;

  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);

      n_pending += place->pending && g_str_equal (place->sender, sender);
      n_of_uid += place->uid == uid;
    }
  if (n_pending >= LSC_DOOR_LIMITS_PENDING_PER_SENDER)
    return "one request of this program is being decided already";
  if (n_of_uid >= LSC_DOOR_LIMITS_SESSIONS_PER_UID)
    return "this user has as many captures as one user may have";
  if (self->places->len >= LSC_DOOR_LIMITS_SESSIONS)
    return "as many captures are running as this machine allows";
  return NULL;
}

guint
lsc_door_limits_admit (
    LscDoorLimits *self, const char *sender, uint32_t uid, gint64 now_us, const char **out_reason)
{
  Place place = { .uid = uid, .pending = TRUE };
  const char *reason =
      note_open (self, uid, now_us) ? find_limit (self, sender, uid) : "too many in a minute";

  if (reason != NULL)
    {
      *out_reason = reason;
      return 0;
    }
  if (++self->last_number == 0)
    self->last_number = 1;
  place.number = self->last_number;
  place.sender = g_strdup (sender);
  g_array_append_val (self->places, place);
  return place.number;
}

static Place *
find_place (const LscDoorLimits *self, guint number, guint *out_index)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = &g_array_index (self->places, Place, i);

      if (place->number != number)
        continue;
      *out_index = i;
      return place;
    }
  return NULL;
}

void
lsc_door_limits_set_running (LscDoorLimits *self, guint number)
{
  guint index;
  Place *place = find_place (self, number, &index);

  if (place != NULL)
    place->pending = FALSE;
}

void
lsc_door_limits_release (LscDoorLimits *self, guint number)
{
  guint index;

  if (find_place (self, number, &index) != NULL)
    g_array_remove_index_fast (self->places, index);
}

guint
lsc_door_limits_get_n_taken (const LscDoorLimits *self)
{
  return self->places->len;
}
