// cuda.cpp - all that names CUDA: a shared object of its own, which only a machine with a GPU opens. Everything runs on one stream beside the default one, so
// that a step can be recorded as a graph.
#include "tensor/aten/device.h"

#include <ATen/Context.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <cstdio>

static int devices() noexcept
{
	int count = 0;
	return cudaGetDeviceCount(&count) == cudaSuccess && at::globalContext().hasCUDA() ? count : 0;
}

static void describe(char *name, size_t name_size, char *driver, size_t driver_size)
{
	cudaDeviceProp properties{};
	int version = 0;
	cudaGetDeviceProperties(&properties, 0);
	cudaDriverGetVersion(&version);
	std::snprintf(name, name_size, "%s", properties.name);
	std::snprintf(driver, driver_size, "CUDA %d.%d", version / 1000, version % 1000 / 10);
}

// Dao 2023: Ampere or later.
static bool flash()
{
	int major = 0;
	return cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0) == cudaSuccess && major >= 8;
}

static void memory(size_t *used, size_t *most, size_t *free, size_t *all)
{
	const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(0);
	*used = static_cast<size_t>(stats.allocated_bytes[0].current);
	*most = static_cast<size_t>(stats.allocated_bytes[0].peak);
	if (cudaMemGetInfo(free, all) != cudaSuccess)
		*free = *all = 0;
}

static void exact()
{
	at::globalContext().setAllowTF32CuBLAS(false);
	at::globalContext().setAllowTF32CuDNN(false);
}

static void enter()
{
	static const c10::cuda::CUDAStream one = c10::cuda::getStreamFromPool(false, 0);
	c10::cuda::setCurrentCUDAStream(one);
}

static void wait()
{
	c10::cuda::getCurrentCUDAStream().synchronize();
}

static void *graph_new()
{
	return new at::cuda::CUDAGraph;
}

static void graph_free(void *graph)
{
	delete static_cast<at::cuda::CUDAGraph *>(graph);
}

static void record_begin(void *graph)
{
	static_cast<at::cuda::CUDAGraph *>(graph)->capture_begin();
}

static void record_end(void *graph)
{
	static_cast<at::cuda::CUDAGraph *>(graph)->capture_end();
}

static void replay(void *graph)
{
	static_cast<at::cuda::CUDAGraph *>(graph)->replay();
}

static const cuda_services services = { .devices = devices, .describe = describe, .flash = flash, .memory = memory, .exact = exact, .enter = enter, .wait = wait,
	.graph_new = graph_new, .graph_free = graph_free, .record_begin = record_begin, .record_end = record_end, .replay = replay };

extern "C" __attribute__((visibility("default"))) const cuda_services *seqrec_cuda_services(int layout)
{
	return layout == CUDA_LAYOUT ? &services : nullptr;
}
