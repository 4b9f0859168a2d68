// SPDX-License-Identifier: Apache-2.0
//
// The plainest program that times one convolution with oneDNN's C API: make the primitive, convert
// the filter once, then call it in a loop between two looks at the clock. `compare-onednn-loop.py`
// measures it against ConvScope's harness, which must not add to the library's time.
//
//   cc -O2 ci/onednn-loop.c -o onednn-loop -ldnnl -lgomp
//   onednn-loop FORMAT G MB IC IH IW OC KH KW SH SW PT PL PB PR DH DW    (dilation 1 is dense)
//
// FORMAT is any, nhwc or nchw. Each line with a number of iterations on standard input is answered
// with the nanoseconds they took, all together.
#include <dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern void omp_set_num_threads(int);

static void check(dnnl_status_t status, const char *call) {
  if (status == dnnl_success) return;
  fprintf(stderr, "onednn-loop: %s failed with status %d\n", call, (int)status);
  exit(1);
}
#define CHECK(call) check(call, #call)

static dnnl_engine_t engine;
static dnnl_stream_t stream;

// Memory of a format, on a page boundary as ConvScope's activations are, filled with small values.
static dnnl_memory_t memory_of(const dnnl_memory_desc_t *format) {
  const size_t bytes = dnnl_memory_desc_get_size(format);
  float *data = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (!data) exit(1);
  for (size_t i = 0; i < bytes / sizeof(float); i++) data[i] = (float)(i % 17) / 17 - 0.5f;
  dnnl_memory_t memory;
  CHECK(dnnl_memory_create(&memory, format, engine, data));
  return memory;
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **words) {
  if (count != 18) {
    fputs("onednn-loop: FORMAT and 16 numbers are needed, see the source\n", stderr);
    return 64;
  }
  long n[16];
  for (int i = 0; i < 16; i++) n[i] = atol(words[i + 2]);
  const long g = n[0], mb = n[1], ic = n[2], ih = n[3], iw = n[4], oc = n[5], kh = n[6], kw = n[7];
  const long sh = n[8], sw = n[9], pt = n[10], pl = n[11], pb = n[12], pr = n[13], dh = n[14],
             dw = n[15];
  const long oh = (ih + pt + pb - dh * (kh - 1) - 1) / sh + 1;
  const long ow = (iw + pl + pr - dw * (kw - 1) - 1) / sw + 1;
  const dnnl_format_tag_t tag = strcmp(words[1], "nhwc") == 0   ? dnnl_nhwc
                                : strcmp(words[1], "nchw") == 0 ? dnnl_nchw
                                                                : dnnl_format_tag_any;
  omp_set_num_threads(1);
  CHECK(dnnl_engine_create(&engine, dnnl_cpu, 0));
  CHECK(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));

  const dnnl_dims_t source_axes = {mb, ic, ih, iw}, target_axes = {mb, oc, oh, ow};
  const dnnl_dims_t dense_axes = {oc, ic, kh, kw}, group_axes = {g, oc / g, ic / g, kh, kw};
  const int filter_rank = g > 1 ? 5 : 4;
  const int64_t *filter_axes = g > 1 ? group_axes : dense_axes;
  dnnl_memory_desc_t source, target, filter, plain_filter;
  CHECK(dnnl_memory_desc_init_by_tag(&source, 4, source_axes, dnnl_f32, tag));
  CHECK(dnnl_memory_desc_init_by_tag(&target, 4, target_axes, dnnl_f32, tag));
  CHECK(dnnl_memory_desc_init_by_tag(&filter, filter_rank, filter_axes, dnnl_f32,
                                     dnnl_format_tag_any));
  CHECK(dnnl_memory_desc_init_by_tag(&plain_filter, filter_rank, filter_axes, dnnl_f32,
                                     g > 1 ? dnnl_goihw : dnnl_oihw));

  const dnnl_dims_t strides = {sh, sw}, dilation = {dh - 1, dw - 1};
  const dnnl_dims_t before = {pt, pl}, after = {pb, pr};
  dnnl_convolution_desc_t convolution;
  dnnl_primitive_desc_t plan, reorder_plan;
  dnnl_primitive_t primitive, reorder;
  CHECK(dnnl_dilated_convolution_forward_desc_init(
      &convolution, dnnl_forward_inference, dnnl_convolution_direct, &source, &filter, NULL,
      &target, strides, dilation, before, after));
  CHECK(dnnl_primitive_desc_create(&plan, &convolution, NULL, engine, NULL));
  CHECK(dnnl_primitive_create(&primitive, plan));
  const dnnl_memory_desc_t *packed = dnnl_primitive_desc_query_md(plan, dnnl_query_weights_md, 0);
  dnnl_memory_t plain_memory = memory_of(&plain_filter), filter_memory = memory_of(packed);
  CHECK(dnnl_reorder_primitive_desc_create(&reorder_plan, &plain_filter, engine, packed, engine,
                                           NULL));
  CHECK(dnnl_primitive_create(&reorder, reorder_plan));
  dnnl_exec_arg_t conversion[] = {{DNNL_ARG_FROM, plain_memory}, {DNNL_ARG_TO, filter_memory}};
  CHECK(dnnl_primitive_execute(reorder, stream, 2, conversion));

  dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, memory_of(dnnl_primitive_desc_query_md(plan, dnnl_query_src_md, 0))},
      {DNNL_ARG_WEIGHTS, filter_memory},
      {DNNL_ARG_DST, memory_of(dnnl_primitive_desc_query_md(plan, dnnl_query_dst_md, 0))}};
  long iterations;
  while (scanf("%ld", &iterations) == 1) {
    // One call goes before, as in ConvScope's rounds: the caches then hold what a call leaves.
    CHECK(dnnl_primitive_execute(primitive, stream, 3, arguments));
    const long long start = now();
    for (long i = 0; i < iterations; i++) {
      dnnl_primitive_execute(primitive, stream, 3, arguments);
    }
    CHECK(dnnl_stream_wait(stream));
    printf("%lld\n", now() - start);
    fflush(stdout);
  }
  return 0;
}
