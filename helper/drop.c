/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/drop.h"

#include "helper/confine.h"
#include "lsc-config.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY 65534u

typedef struct
{
  bool root;
  uid_t uid; /* whom to become */
  gid_t gid;
  pid_t parent;
} Plan;

/* A step: 0, or a positive errno. */
typedef int (*Step) (const Plan *plan);

static int
errno_unless (bool well)
{
  return well ? 0 : (errno ? errno : EFAULT);
}

/* Read straight from the file: nothing of the name service may run in a privileged process. */
static void
find_user (Plan *plan)
{
  FILE *file = fopen ("/etc/passwd", "re");
  struct passwd *entry;

  plan->uid = NOBODY;
  plan->gid = NOBODY;
  while (file && (entry = fgetpwent (file)))
    if (strcmp (entry->pw_name, LSC_TRACER_USER) == 0 && entry->pw_uid != 0 && entry->pw_gid != 0)
      {
        plan->uid = entry->pw_uid;
        plan->gid = entry->pw_gid;
      }
  if (file)
    fclose (file);
}

static int
drop_bounding_set (const Plan *plan)
{
  for (int capability = 0; plan->root && capability < 64; capability++)
    {
      int held = prctl (PR_CAPBSET_READ, capability, 0, 0, 0);

      if (held < 0)
        break; /* past the last one this kernel knows */
      if (held && prctl (PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
        return errno;
      if (prctl (PR_CAPBSET_READ, capability, 0, 0, 0) != 0)
        return EFAULT;
    }
  return 0;
}

static int
drop_groups (const Plan *plan)
{
  if (!plan->root)
    return 0;
  return errno_unless (setgroups (0, NULL) == 0 && getgroups (0, NULL) == 0);
}

static int
drop_group (const Plan *plan)
{
  gid_t real, effective, saved;

  if (setresgid (plan->gid, plan->gid, plan->gid) != 0
      || getresgid (&real, &effective, &saved) != 0)
    return errno;
  return real == plan->gid && effective == plan->gid && saved == plan->gid ? 0 : EFAULT;
}

static int
drop_user (const Plan *plan)
{
  uid_t real, effective, saved;

  if (setresuid (plan->uid, plan->uid, plan->uid) != 0
      || getresuid (&real, &effective, &saved) != 0)
    return errno;
  return real == plan->uid && effective == plan->uid && saved == plan->uid ? 0 : EFAULT;
}

static int
drop_ambient (const Plan *plan)
{
  return errno_unless (prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0);
}

static int
drop_capabilities (const Plan *plan)
{
  struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct none[2] = { 0 }, held[2];

  if (syscall (SYS_capset, &head, none) != 0)
    return errno;
  memset (held, 0xff, sizeof held);
  if (syscall (SYS_capget, &head, held) != 0)
    return errno;
  for (int i = 0; i < 2; i++)
    if (held[i].effective || held[i].permitted || held[i].inheritable)
      return EFAULT;
  return 0;
}

static int
forbid_dumps (const Plan *plan)
{
  const struct rlimit nothing = { 0, 0 };
  struct rlimit core, file;

  if (prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit (RLIMIT_CORE, &nothing) != 0
      || setrlimit (RLIMIT_FSIZE, &nothing) != 0 || getrlimit (RLIMIT_CORE, &core) != 0
      || getrlimit (RLIMIT_FSIZE, &file) != 0)
    return errno;
  return prctl (PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && core.rlim_max == 0 && file.rlim_max == 0
             ? 0
             : EFAULT;
}

/* Only now: the change of user clears it. */
static int
end_with_parent (const Plan *plan)
{
  int sign = 0;

  if (prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || prctl (PR_GET_PDEATHSIG, &sign) != 0)
    return errno;
  if (sign != SIGKILL)
    return EFAULT;
  return getppid () == plan->parent ? 0 : ESRCH;
}

static int
forbid_new_privileges (const Plan *plan)
{
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return errno;
  return prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : EFAULT;
}

static int
confine (const Plan *plan)
{
  return -lsc_confine ();
}

static const struct
{
  Step step;
  const char *name;
} steps[] = {
  { drop_bounding_set, "emptying the capability bounding set" },
  { drop_groups, "leaving the groups" },
  { drop_group, "changing the group" },
  { drop_user, "changing the user" },
  { drop_ambient, "clearing ambient capabilities" },
  { drop_capabilities, "giving up capabilities" },
  { forbid_dumps, "forbidding dumps and files" },
  { end_with_parent, "ending with the parent process" },
  { forbid_new_privileges, "forbidding new privileges" },
  { confine, "filtering system calls" },
};

LscTracerTrouble
lsc_drop_everything (pid_t parent)
{
  Plan plan = { .root = geteuid () == 0, .uid = getuid (), .gid = getgid (), .parent = parent };

  if (plan.root)
    find_user (&plan);
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
    {
      int error;

      errno = 0;
      error = steps[i].step (&plan);
      if (error == ESRCH && steps[i].step == end_with_parent)
        return (LscTracerTrouble){ LSC_TRACER_EXIT_CLIENT_GONE, 0, NULL };
      if (error != 0)
        return (LscTracerTrouble){ LSC_TRACER_EXIT_DROP, error, steps[i].name };
    }
  return LSC_TRACER_NO_TROUBLE;
}
