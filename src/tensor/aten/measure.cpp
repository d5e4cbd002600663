// measure.cpp - counts the operations that libtorch runs, and those among them that read a number back from the device, whoever asked for it.
#include "tensor/aten/device.h"

#include <ATen/record_function.h>

#include <atomic>
#include <cstring>
#include <memory>

static std::atomic<uint64_t> operations, reads;

static std::unique_ptr<at::ObserverContext> entered(const at::RecordFunction &function)
{
	static const char *const readers[] = { "aten::_local_scalar_dense", "aten::nonzero", "aten::_unique2", "aten::masked_select", "aten::unique_consecutive" };
	operations++;
	for (const char *name : readers)
		if (std::strcmp(function.name(), name) == 0)
			reads++;
	return nullptr;
}

void measure_operations(bool on)
{
	static at::CallbackHandle installed = at::INVALID_CALLBACK_HANDLE;
	if (on && installed == at::INVALID_CALLBACK_HANDLE) {
		operations = reads = 0;
		installed = at::addGlobalCallback(at::RecordFunctionCallback(entered).scopes({ at::RecordScope::FUNCTION }));
	} else if (!on && installed != at::INVALID_CALLBACK_HANDLE) {
		at::removeCallback(installed);
		installed = at::INVALID_CALLBACK_HANDLE;
	}
}

void measured(device_about &out)
{
	out.operations = operations;
	out.reads = reads;
}
