/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helper/kernel-facts.h"

#include <bpf/btf.h>
#include <errno.h>
#include <string.h>

/* How many arguments the tracepoint's btf_trace_<name> callback takes, its context included. */
static int
count_tracepoint_arguments (const struct btf *btf, const char *type_name)
{
  int id = btf__find_by_name_kind (btf, type_name, BTF_KIND_TYPEDEF);
  const struct btf_type *type = id > 0 ? btf__type_by_id (btf, (uint32_t) id) : NULL;

  if (type)
    type = btf__type_by_id (btf, type->type);
  if (type && btf_is_ptr (type))
    type = btf__type_by_id (btf, type->type);
  return type && btf_is_func_proto (type) ? btf_vlen (type) : 0;
}

static const struct btf_member *
find_member (const struct btf *btf, const char *struct_name, const char *member_name)
{
  int id = btf__find_by_name_kind (btf, struct_name, BTF_KIND_STRUCT);
  const struct btf_type *type = id > 0 ? btf__type_by_id (btf, (uint32_t) id) : NULL;

  for (uint16_t i = 0; type && i < btf_vlen (type); i++)
    if (strcmp (btf__name_by_offset (btf, btf_members (type)[i].name_off), member_name) == 0)
      return &btf_members (type)[i];
  return NULL;
}

/* Where a member lies, in bytes, also inside of members without a name; -1 when there is none. */
static int64_t
find_offset (const struct btf *btf, const struct btf_type *type, const char *member_name)
{
  for (uint16_t i = 0; i < btf_vlen (type); i++)
    {
      const struct btf_member *member = &btf_members (type)[i];
      const char *name = btf__name_by_offset (btf, member->name_off);
      const struct btf_type *inner = btf__type_by_id (btf, member->type);
      int64_t offset = -1;

      if (strcmp (name, member_name) == 0)
        offset = 0;
      else if (name[0] == 0 && inner && btf_is_composite (inner))
        offset = find_offset (btf, inner, member_name);
      if (offset >= 0)
        return offset + member->offset / 8;
    }
  return -1;
}

/* Of preempt_count in the struct that held it from 6.2 to 6.14; -1 in other kernels. */
static int64_t
find_hot_offset (const struct btf *btf)
{
  int id = btf__find_by_name_kind (btf, "pcpu_hot", BTF_KIND_STRUCT);

  return id > 0 ? find_offset (btf, btf__type_by_id (btf, (uint32_t) id), "preempt_count") : -1;
}

/* struct pid's last member is an array of no fixed length. */
static bool
has_pid_numbers (const struct btf *btf)
{
  const struct btf_member *numbers = find_member (btf, "pid", "numbers");
  const struct btf_type *type = numbers ? btf__type_by_id (btf, numbers->type) : NULL;

  return type && btf_is_array (type) && btf_array (type)->nelems == 0;
}

/* Where a per-CPU variable lies in its section; false when BTF does not say. */
static bool
find_per_cpu (const struct btf *btf, const char *name, int64_t *out_offset)
{
  int section_id = btf__find_by_name_kind (btf, ".data..percpu", BTF_KIND_DATASEC);
  int id = btf__find_by_name_kind (btf, name, BTF_KIND_VAR);
  const struct btf_type *section =
      section_id > 0 ? btf__type_by_id (btf, (uint32_t) section_id) : NULL;

  for (uint16_t i = 0; section && id > 0 && i < btf_vlen (section); i++)
    if (btf_var_secinfos (section)[i].type == (uint32_t) id)
      {
        *out_offset = btf_var_secinfos (section)[i].offset;
        return true;
      }
  return false;
}

/* From a CPU's run queue to its preempt count, or 0. */
static int64_t
find_preempt_count (const struct btf *btf)
{
  int64_t hot_offset = find_hot_offset (btf);
  int64_t run_queue, count;

  if (btf__find_by_name_kind (btf, "bpf_rdonly_cast", BTF_KIND_FUNC) <= 0
      || !find_member (btf, "sched_entity", "cfs_rq") || !find_member (btf, "cfs_rq", "rq")
      || !find_member (btf, "rq", "cpu") || !find_per_cpu (btf, "runqueues", &run_queue))
    return 0;
  if (find_per_cpu (btf, "__preempt_count", &count))
    return count - run_queue;
  if (hot_offset >= 0 && find_per_cpu (btf, "pcpu_hot", &count))
    return count + hot_offset - run_queue;
  return 0;
}

int
lsc_kernel_facts_read (LscKernelFacts *facts)
{
  struct btf *btf = btf__load_vmlinux_btf ();

  if (!btf)
    return -errno;
  facts->has_prev_state = count_tracepoint_arguments (btf, "btf_trace_sched_switch") >= 5;
  facts->has_group_dead = count_tracepoint_arguments (btf, "btf_trace_sched_process_exit") >= 3;
  facts->has_pid_numbers = has_pid_numbers (btf);
  facts->preempt_count_distance = find_preempt_count (btf);
  if (facts->preempt_count_distance != 0)
    facts->level = LSC_INTERRUPT_LEVEL_RUN_QUEUE;
  else if (btf__find_by_name_kind (btf, "pcpu_hot", BTF_KIND_VAR) > 0 && find_hot_offset (btf) >= 0)
    facts->level = LSC_INTERRUPT_LEVEL_HOT;
  else if (btf__find_by_name_kind (btf, "__preempt_count", BTF_KIND_VAR) > 0)
    facts->level = LSC_INTERRUPT_LEVEL_BY_NAME;
  else
    facts->level = LSC_INTERRUPT_LEVEL_UNKNOWN;
  btf__free (btf);
  return 0;
}
