// SPDX-License-Identifier: Apache-2.0
// Whether the loops that are written in assembly end, and do what can be seen of them.
#include <stdio.h>

#include "CPlatformLoops.h"
#include "CounterLoops.h"

int main(void) {
  const void *ring[5];
  for (int place = 0; place < 5; place++) ring[place] = &ring[(place + 2) % 5];
  const uint8_t bits[] = {0, 1, 1, 0, 255, 254};
  cplatform_add_chain(1000);
  if (!cplatform_has_scalar_fma() || !cpapi_has_loops() || !cpapi_has_fma()) return 1;
  cplatform_scalar_fma(1000);
  cpapi_loop_branches(1000);
  cpapi_loop_multiplications(1000);
  cpapi_loop_fma(1000);
  cpapi_loop_random_branches(bits, sizeof bits);
  if (cpapi_chase(ring, 0) != ring || cpapi_chase(ring, 7) != &ring[4]) return 2;
  puts("loops: all end");
  return 0;
}
