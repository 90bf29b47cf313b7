/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/trace/reason.h"

#include <sys/syscall.h>

static LscReason
reason_of (LscState state, int16_t syscall, uint8_t flags)
{
  LscFacts facts = { .state = (uint8_t) state, .syscall = syscall, .flags = flags };

  return lsc_reason_of_facts (&facts, LSC_ABI_X86_64, false);
}

static void
test_states_that_are_their_own_reason (void)
{
  g_assert_cmpint (reason_of (LSC_STATE_RUNNING, -1, 0), ==, LSC_REASON_NONE);
  g_assert_cmpint (reason_of (LSC_STATE_ABSENT, -1, 0), ==, LSC_REASON_NONE);
  g_assert_cmpint (reason_of (LSC_STATE_UNKNOWN, 202, 0), ==, LSC_REASON_UNKNOWN);
  g_assert_cmpint (reason_of (LSC_STATE_RUNNABLE, 202, 0), ==, LSC_REASON_QUEUE);
  g_assert_cmpint (reason_of (LSC_STATE_PREEMPTED, -1, 0), ==, LSC_REASON_PREEMPTED);
  g_assert_cmpint (reason_of (LSC_STATE_PREEMPTED, 24, LSC_FACT_YIELDED), ==, LSC_REASON_YIELDED);
  g_assert_cmpint (reason_of (LSC_STATE_STOPPED, 202, 0), ==, LSC_REASON_STOPPED);
}

#ifdef __x86_64__
/* The numbers of the machine the tests run on, against the table's. */
static void
test_numbers_are_those_of_the_system (void)
{
  static const struct
  {
    long number;
    LscReason reason;
  } calls[] = {
    { SYS_futex, LSC_REASON_LOCK },          { SYS_flock, LSC_REASON_LOCK },
    { SYS_semtimedop, LSC_REASON_LOCK },     { SYS_read, LSC_REASON_PIPE },
    { SYS_writev, LSC_REASON_PIPE },         { SYS_recvfrom, LSC_REASON_NETWORK },
    { SYS_accept4, LSC_REASON_NETWORK },     { SYS_clock_nanosleep, LSC_REASON_TIMER },
    { SYS_nanosleep, LSC_REASON_TIMER },     { SYS_ppoll, LSC_REASON_EVENTS },
    { SYS_epoll_pwait2, LSC_REASON_EVENTS }, { SYS_select, LSC_REASON_EVENTS },
    { SYS_wait4, LSC_REASON_CHILD },         { SYS_waitid, LSC_REASON_CHILD },
    { SYS_vfork, LSC_REASON_CHILD },         { SYS_pause, LSC_REASON_SIGNAL },
    { SYS_fsync, LSC_REASON_FILE },          { SYS_openat, LSC_REASON_FILE },
    { SYS_exit_group, LSC_REASON_EXITING },  { SYS_mmap, LSC_REASON_KERNEL },
    { SYS_membarrier, LSC_REASON_KERNEL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (calls); i++)
    g_assert_cmpint (reason_of (LSC_STATE_SLEEPING, (int16_t) calls[i].number, 0), ==,
                     calls[i].reason);
}
#endif

static void
test_generic_table_is_another_one (void)
{
  LscFacts facts = { .state = LSC_STATE_SLEEPING, .syscall = 98 };

  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_GENERIC, false), ==, LSC_REASON_LOCK);
  facts.syscall = 115;
  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_GENERIC, false), ==, LSC_REASON_TIMER);
  facts.syscall = 202;
  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_GENERIC, false), ==, LSC_REASON_NETWORK);
}

static void
test_waits_without_a_call (void)
{
  g_assert_cmpint (reason_of (LSC_STATE_UNINTERRUPTIBLE, -1, 0), ==, LSC_REASON_PAGE_FAULT);
  g_assert_cmpint (reason_of (LSC_STATE_UNINTERRUPTIBLE, -1, LSC_FACT_IO_WAIT), ==,
                   LSC_REASON_PAGE_FAULT);
  g_assert_cmpint (reason_of (LSC_STATE_SLEEPING, -1, 0), ==, LSC_REASON_UNKNOWN);
}

static void
test_disk_and_file (void)
{
  g_assert_cmpint (reason_of (LSC_STATE_UNINTERRUPTIBLE, 0, LSC_FACT_IO_WAIT), ==, LSC_REASON_DISK);
  g_assert_cmpint (reason_of (LSC_STATE_UNINTERRUPTIBLE, 0, 0), ==, LSC_REASON_FILE);
}

static void
test_the_kernel_says_what_a_descriptor_is (void)
{
  static const LscReason reasons[] = {
    [LSC_DETAIL_NONE] = LSC_REASON_PIPE,      [LSC_DETAIL_PIPE] = LSC_REASON_PIPE,
    [LSC_DETAIL_SOCKET] = LSC_REASON_NETWORK, [LSC_DETAIL_TERMINAL] = LSC_REASON_TERMINAL,
    [LSC_DETAIL_FILE] = LSC_REASON_FILE,      [LSC_DETAIL_EVENT] = LSC_REASON_EVENTS,
    [LSC_DETAIL_DEVICE] = LSC_REASON_PIPE,    [LSC_DETAIL_BLOCK] = LSC_REASON_FILE,
  };
  LscFacts facts = { .state = LSC_STATE_SLEEPING, .syscall = 0 };

  for (uint8_t detail = 0; detail < G_N_ELEMENTS (reasons); detail++)
    {
      facts.detail = detail;
      g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_X86_64, false), ==, reasons[detail]);
    }
  facts.flags = LSC_FACT_IO_WAIT;
  facts.detail = LSC_DETAIL_FILE;
  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_X86_64, false), ==, LSC_REASON_DISK);
  facts.detail = UINT8_MAX;
  facts.flags = 0;
  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_X86_64, false), ==, LSC_REASON_PIPE);
}

/* syscall_32.tbl: 202 is setresgid there, 240 is futex, 3 is read, 162 is nanosleep. */
static void
test_32_bit_calls_have_their_own_table (void)
{
  LscFacts facts = { .state = LSC_STATE_SLEEPING, .syscall = 3, .flags = LSC_FACT_COMPAT };

  g_assert_cmpint (reason_of (LSC_STATE_SLEEPING, 240, LSC_FACT_COMPAT), ==, LSC_REASON_LOCK);
  g_assert_cmpint (reason_of (LSC_STATE_SLEEPING, 162, LSC_FACT_COMPAT), ==, LSC_REASON_TIMER);
  g_assert_cmpint (reason_of (LSC_STATE_SLEEPING, 202, LSC_FACT_COMPAT), ==, LSC_REASON_UNKNOWN);
  g_assert_cmpint (reason_of (LSC_STATE_SLEEPING, 9999, LSC_FACT_COMPAT), ==, LSC_REASON_UNKNOWN);
  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_GENERIC, false), ==, LSC_REASON_UNKNOWN);
  facts.detail = LSC_DETAIL_SOCKET;
  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_GENERIC, false), ==, LSC_REASON_NETWORK);
}

static void
test_what_is_not_known_is_unknown (void)
{
  LscFacts facts = { .state = LSC_STATE_SLEEPING, .syscall = 202 };

  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_UNKNOWN, false), ==, LSC_REASON_UNKNOWN);
  g_assert_cmpint (reason_of (LSC_STATE_SLEEPING, 202, LSC_FACT_COMPAT), ==, LSC_REASON_UNKNOWN);
  g_assert_cmpint (reason_of (LSC_STATE_SLEEPING, INT16_MAX, 0), ==, LSC_REASON_KERNEL);
  facts.syscall = -1;
  g_assert_cmpint (lsc_reason_of_facts (&facts, LSC_ABI_X86_64, true), ==, LSC_REASON_KERNEL);
}

static void
test_every_fact_has_a_reason (void)
{
  LscFacts facts = { 0 };

  for (facts.state = 0; facts.state < LSC_N_STATES + 1; facts.state++)
    for (int syscall = -1; syscall < 600; syscall++)
      for (int abi = LSC_ABI_UNKNOWN; abi <= LSC_ABI_GENERIC; abi++)
        {
          facts.syscall = (int16_t) syscall;
          g_assert_cmpuint (lsc_reason_of_facts (&facts, (LscAbi) abi, false), <, LSC_N_REASONS);
        }
}

static void
test_machines (void)
{
  g_assert_cmpint (lsc_reason_abi_of_machine ("x86_64"), ==, LSC_ABI_X86_64);
  g_assert_cmpint (lsc_reason_abi_of_machine ("aarch64"), ==, LSC_ABI_GENERIC);
  g_assert_cmpint (lsc_reason_abi_of_machine ("i686"), ==, LSC_ABI_UNKNOWN);
  g_assert_cmpint (lsc_reason_abi_of_machine (""), ==, LSC_ABI_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reason/states", test_states_that_are_their_own_reason);
#ifdef __x86_64__
  g_test_add_func ("/reason/numbers", test_numbers_are_those_of_the_system);
#endif
  g_test_add_func ("/reason/generic", test_generic_table_is_another_one);
  g_test_add_func ("/reason/no-call", test_waits_without_a_call);
  g_test_add_func ("/reason/disk-and-file", test_disk_and_file);
  g_test_add_func ("/reason/detail", test_the_kernel_says_what_a_descriptor_is);
  g_test_add_func ("/reason/compat", test_32_bit_calls_have_their_own_table);
  g_test_add_func ("/reason/unknown", test_what_is_not_known_is_unknown);
  g_test_add_func ("/reason/every-fact", test_every_fact_has_a_reason);
  g_test_add_func ("/reason/machines", test_machines);
  return g_test_run ();
}
