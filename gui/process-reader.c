/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gui/process-reader.h"

#include <libproc2/pids.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KTHREADD_PID 2
#define EXPANDED_MAX 64u

struct _LscProcessReader
{
  gint ref_count;
  GThread *thread;
  GMainContext *context;
  LscProcessReaderFunc func; /* main context only; NULL once freed */
  gpointer user_data;

  GMutex mutex; /* guards what follows */
  GCond cond;
  gboolean active;
  gboolean quit;
  unsigned expanded[EXPANDED_MAX];
  guint n_expanded;
};

typedef struct
{
  LscProcessReader *reader;
  LscProcessSample *sample;
} Delivery;

/* In the order of what is read from a stack below. */
static enum pids_item items[] = {
  PIDS_ID_TGID, PIDS_ID_TID,     PIDS_ID_PPID,  PIDS_ID_EUID, PIDS_ID_EUSER,
  PIDS_NLWP,    PIDS_TICS_BEGAN, PIDS_TICS_ALL, PIDS_CMD,     PIDS_CMDLINE,
};
enum
{
  AT_TGID,
  AT_TID,
  AT_PPID,
  AT_EUID,
  AT_EUSER,
  AT_NLWP,
  AT_BEGAN,
  AT_TICS,
  AT_CMD,
  AT_CMDLINE,
};

static void
row_free (gpointer data)
{
  LscProcessRow *self = data;
  g_free (self->user);
  g_free (self->name);
  g_free (self->command_line);
  g_free (self);
}

void
lsc_process_sample_free (LscProcessSample *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->threads, g_ptr_array_unref);
  g_free (self);
}

static char *
dup_text (const char *text)
{
  return g_utf8_make_valid (text == NULL ? "" : text, -1);
}

static LscProcessRow *
row_new (const struct pids_stack *stack)
{
  const struct pids_result *head = stack->head;
  LscProcessRow *self = g_new0 (LscProcessRow, 1);
  self->pid = (guint32) head[AT_TGID].result.s_int;
  self->tid = (guint32) head[AT_TID].result.s_int;
  self->uid = head[AT_EUID].result.u_int;
  self->n_threads = (guint32) head[AT_NLWP].result.s_int;
  self->start_ticks = head[AT_BEGAN].result.ull_int;
  self->cpu_ticks = head[AT_TICS].result.ull_int;
  self->kernel = self->pid == KTHREADD_PID || head[AT_PPID].result.s_int == KTHREADD_PID;
  self->user = dup_text (head[AT_EUSER].result.str);
  self->name = dup_text (head[AT_CMD].result.str);
  self->command_line = dup_text (self->kernel ? "" : head[AT_CMDLINE].result.str);
  return self;
}

static void
add_rows (GPtrArray *rows, const struct pids_fetch *fetch)
{
  pid_t self_pid = getpid ();
  for (int i = 0; fetch != NULL && i < fetch->counts->total; i++)
    if (fetch->stacks[i]->head[AT_TGID].result.s_int != self_pid)
      g_ptr_array_add (rows, row_new (fetch->stacks[i]));
}

/* Of the first thread of a process, libproc2 tells the time of the whole process. */
static void
correct_first_thread (LscProcessRow *row)
{
  char path[64];
  g_autofree char *text = NULL;
  unsigned long user = 0;
  unsigned long system = 0;
  g_snprintf (path, sizeof path, "/proc/%u/task/%u/stat", row->pid, row->tid);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  const char *rest = strrchr (text, ')'); /* names may hold anything */
  if (rest != NULL
      && sscanf (rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system)
             == 2)
    row->cpu_ticks = user + system;
}

static LscProcessSample *
read_sample (struct pids_info *info, unsigned *expanded, guint n_expanded)
{
  LscProcessSample *self = g_new0 (LscProcessSample, 1);
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->threads = g_ptr_array_new_with_free_func (row_free);
  self->ticks_per_second = (guint) sysconf (_SC_CLK_TCK);
  self->time_us = g_get_monotonic_time ();
  add_rows (self->rows, procps_pids_reap (info, PIDS_FETCH_TASKS_ONLY));
  if (n_expanded > 0)
    add_rows (self->threads,
              procps_pids_select (info, expanded, (int) n_expanded, PIDS_SELECT_PID_THREADS));
  for (guint i = 0; i < self->threads->len; i++)
    {
      LscProcessRow *row = self->threads->pdata[i];
      if (row->tid == row->pid)
        correct_first_thread (row);
    }
  return self;
}

static void
reader_unref (LscProcessReader *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
delivery_free (gpointer data)
{
  Delivery *self = data;
  lsc_process_sample_free (self->sample);
  reader_unref (self->reader);
  g_free (self);
}

static gboolean
deliver_cb (gpointer data)
{
  Delivery *self = data;
  if (self->reader->func != NULL)
    self->reader->func (g_steal_pointer (&self->sample), self->reader->user_data);
  return G_SOURCE_REMOVE;
}

static void
deliver (LscProcessReader *self, LscProcessSample *sample)
{
  Delivery *delivery = g_new0 (Delivery, 1);
  delivery->sample = sample;
  delivery->reader = self;
  g_atomic_int_inc (&self->ref_count);
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT_IDLE, deliver_cb, delivery,
                              delivery_free);
}

/* Waits for the next moment to read. FALSE: the reader ends. */
static gboolean
wait_turn (LscProcessReader *self, unsigned *expanded, guint *out_n)
{
  gint64 until = g_get_monotonic_time () + LSC_PROCESS_INTERVAL_MS * G_TIME_SPAN_MILLISECOND;
  g_mutex_lock (&self->mutex);
  while (!self->quit && (!self->active || g_get_monotonic_time () < until))
    {
      if (!self->active)
        {
          g_cond_wait (&self->cond, &self->mutex);
          until = 0;
        }
      else if (!g_cond_wait_until (&self->cond, &self->mutex, until))
        break;
    }
  gboolean go_on = !self->quit;
  *out_n = self->n_expanded;
  for (guint i = 0; i < self->n_expanded; i++)
    expanded[i] = self->expanded[i];
  g_mutex_unlock (&self->mutex);
  return go_on;
}

static gpointer
run (gpointer data)
{
  LscProcessReader *self = data;
  struct pids_info *info = NULL;
  unsigned expanded[EXPANDED_MAX];
  guint n_expanded = 0;
  if (procps_pids_new (&info, items, G_N_ELEMENTS (items)) >= 0)
    while (wait_turn (self, expanded, &n_expanded))
      deliver (self, read_sample (info, expanded, n_expanded));
  if (info != NULL)
    procps_pids_unref (&info);
  reader_unref (self);
  return NULL;
}

LscProcessReader *
lsc_process_reader_new (LscProcessReaderFunc func, gpointer user_data)
{
  LscProcessReader *self = g_new0 (LscProcessReader, 1);
  self->ref_count = 2;
  self->func = func;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("process-reader", run, self);
  return self;
}

void
lsc_process_reader_free (LscProcessReader *self)
{
  if (self == NULL)
    return;
  self->func = NULL;
  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_unref (g_steal_pointer (&self->thread));
  reader_unref (self);
}

void
lsc_process_reader_set_active (LscProcessReader *self, gboolean active)
{
  g_mutex_lock (&self->mutex);
  self->active = active;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
lsc_process_reader_set_expanded (LscProcessReader *self, const guint32 *pids, guint n_pids)
{
  g_mutex_lock (&self->mutex);
  self->n_expanded = MIN (n_pids, EXPANDED_MAX);
  for (guint i = 0; i < self->n_expanded; i++)
    self->expanded[i] = pids[i];
  g_mutex_unlock (&self->mutex);
}
