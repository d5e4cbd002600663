#ifndef SEQREC_TENSOR_ATEN_DEVICE_H
#define SEQREC_TENSOR_ATEN_DEVICE_H
// device.h - the GPU behind libtorch, if there is one: what names CUDA stands in a shared object of its own (cuda.cpp), opened by device.cpp alone.

#include <ATen/ATen.h>

#include <string>

#include "seqrec/tensor.h"

// What libseqrec_cuda.so offers. Functions may throw c10::Error but `devices`.
struct cuda_services {
	int (*devices)() noexcept;                     // 0: none, or the driver is too old for this libtorch
	void (*describe)(char *name, size_t name_size, char *driver, size_t driver_size);
	bool (*flash)();                               // whether this GPU runs variable-length flash attention
	void (*memory)(size_t *used, size_t *most, size_t *free, size_t *all);
	void (*exact)();                               // f32 products in f32: TF32 off
	void (*enter)();                               // the calling thread's work goes to the stream of this program from now on
	void (*wait)();                                // for all that was asked of the device
	void *(*graph_new)();
	void (*graph_free)(void *graph);
	void (*record_begin)(void *graph);             // what is asked of the device from here to record_end is not done but recorded
	void (*record_end)(void *graph);
	void (*replay)(void *graph);
};
enum { CUDA_LAYOUT = 1 };
#define CUDA_ENTRY "seqrec_cuda_services"

// Opens the GPU; false: `why` says what is missing, in one line.
bool device_open(at::Device *device, std::string &why);
const cuda_services *device_services(); // of an opened GPU; nullptr on the CPU
void measure_operations(bool on); // counts libtorch's operations, which `measured` tells
void measured(device_about &out);
device_about device_describe(const at::Device &device);
// "train.batch ...": which setting to lower, and to what.
std::string device_memory_advice(const at::Device &device);

#endif
