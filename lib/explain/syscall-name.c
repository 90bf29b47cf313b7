/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/explain/syscall-name.h"

#include "lsc-config.h"

#include <glib.h>
#include <glib/gi18n-lib.h>
#include <seccomp.h>
#include <stdlib.h>

/* libseccomp's number of the table, 0 where it has none. */
static uint32_t
arch_of_machine (const char *machine, bool compat)
{
  static const struct
  {
    const char *machine;
    const char *arch;
    const char *compat;
  } names[] = {
    { "x86_64", "x86_64", "x86" },  { "aarch64", "aarch64", "arm" }, { "i686", "x86", "x86" },
    { "riscv64", "riscv64", NULL }, { "ppc64le", "ppc64le", "ppc" }, { "s390x", "s390x", "s390" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *arch = compat ? names[i].compat : names[i].arch;

      if (arch != NULL && g_str_equal (machine, names[i].machine))
        return seccomp_arch_resolve_name (arch);
    }
  return 0;
}

char *
lsc_syscall_name (const char *machine, int16_t number, bool compat)
{
  uint32_t arch = arch_of_machine (machine, compat);
  char *theirs;
  char *name;

  if (number < 0)
    return NULL;
  theirs = arch != 0 ? seccomp_syscall_resolve_num_arch (arch, number) : NULL;
  /* Translators: a system call that has no name in our table, by its number. */
  name = theirs != NULL ? g_strdup (theirs) : g_strdup_printf (_ ("system call %d"), number);
  free (theirs);
  return name;
}
