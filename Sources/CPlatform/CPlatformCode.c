// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "CPlatform.h"

struct code {
  char *start;
  size_t pages;
};

// The first object that is told is the program itself.
static int find_code(struct dl_phdr_info *object, size_t size, void *result) {
  (void)size;
  struct code *code = result;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int index = 0; index < object->dlpi_phnum; index++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[index];
    if (part->p_type != PT_LOAD || !(part->p_flags & PF_X) || (part->p_flags & PF_W)) continue;
    const uintptr_t start = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
    const uintptr_t end = object->dlpi_addr + part->p_vaddr + part->p_memsz;
    code->start = (char *)start;
    code->pages = (end - start + page - 1) / page;
  }
  return 1;
}

// The numbers 0 ..< count in an order of their own each time; NULL without memory or chance.
static uint32_t *drawn_order(size_t count) {
  uint32_t *order = malloc(count * sizeof *order);
  uint64_t chance = 0;
  if (!order || getrandom(&chance, sizeof chance, 0) != sizeof chance || !chance) {
    free(order);
    return NULL;
  }
  for (size_t index = 0; index < count; index++) {
    // Marsaglia's xorshift; the places are a shuffle by Fisher and Yates.
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    const size_t place = chance % (index + 1);
    order[index] = order[place];
    order[place] = (uint32_t)index;
  }
  return order;
}

int cplatform_draw_code_pages(void) {
  if (cplatform_is_simulated()) return ENOSYS;
  struct code code = {0};
  dl_iterate_phdr(find_code, &code);
  if (!code.pages) return ENOEXEC;
  const size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = code.pages * page;
  char *copy = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED) return errno;
  uint32_t *order = drawn_order(code.pages);
  int error = order ? 0 : ENOMEM;
  // A huge page would place all of them alike.
  madvise(copy, bytes, MADV_NOHUGEPAGE);
  for (size_t index = 0; order && index < code.pages; index++)
    memcpy(copy + order[index] * page, code.start + order[index] * page, page);
  free(order);
  // The last call puts the copy, this function included, in place of the original.
  if (!error && (mprotect(copy, bytes, PROT_READ | PROT_EXEC) != 0 ||
                 mremap(copy, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, code.start) == MAP_FAILED))
    error = errno;
  if (error) munmap(copy, bytes);
  return error;
}
