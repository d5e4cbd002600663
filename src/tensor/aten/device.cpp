// device.cpp - looks for a GPU step by step, so that what is missing can be said: the driver, libtorch's CUDA half, a device.
#include "tensor/aten/device.h"

#include <dlfcn.h>

#include <cstdio>
#include <mutex>

static const cuda_services *services;

const cuda_services *device_services()
{
	return services;
}

static bool driver_is_there()
{
	void *driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
	if (driver)
		dlclose(driver);
	return driver != nullptr;
}

// libseqrec_cuda.so lies beside this object.
static std::string path_beside()
{
	Dl_info self;
	if (!dladdr(reinterpret_cast<void *>(&device_open), &self) || !self.dli_fname)
		return "libseqrec_cuda.so";
	std::string path = self.dli_fname;
	size_t slash = path.rfind('/');
	return (slash == std::string::npos ? std::string() : path.substr(0, slash + 1)) + "libseqrec_cuda.so";
}

static const cuda_services *services_open(std::string &why)
{
	std::string path = path_beside();
	if (FILE *file = std::fopen(path.c_str(), "rb")) {
		std::fclose(file);
	} else {
		why = "libtorch without CUDA: " + path + " is not there, as when it was built with a libtorch for CPUs";
		return nullptr;
	}
	void *object = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
	if (!object) {
		const char *said = dlerror();
		why = std::string("libtorch without CUDA: its libraries for GPUs cannot be opened (") + (said ? said : path) + "). Install torch with all that it depends on";
		return nullptr;
	}
	auto entry = reinterpret_cast<const cuda_services *(*)(int)>(dlsym(object, CUDA_ENTRY));
	const cuda_services *found = entry ? entry(CUDA_LAYOUT) : nullptr;
	if (!found)
		why = path + " is of another build of this program: build all from one source";
	return found;
}

bool device_open(at::Device *device, std::string &why)
{
	static std::mutex one;
	std::lock_guard<std::mutex> guard(one);
	const cuda_services *found = services;
	if (!found && !driver_is_there()) {
		why = "the driver is missing: libcuda.so.1 is not there";
		return false;
	}
	if (!found && !(found = services_open(why)))
		return false;
	if (found->devices() < 1) {
		why = "no device: the driver knows no GPU, or is too old for this libtorch";
		return false;
	}
	services = found;
	services->exact();
	*device = at::Device(at::kCUDA, 0);
	return true;
}

device_about device_describe(const at::Device &device)
{
	static char name[256], driver[64];
	device_about out = { "cpu", "", "", false, 0, 0, 0, nullptr, 0, 0 };
	measured(out);
	if (!device.is_cuda())
		return out;
	size_t free = 0, all = 0;
	services->describe(name, sizeof name, driver, sizeof driver);
	services->memory(&out.bytes, &out.most_bytes, &free, &all);
	out.device = name;
	out.driver = driver;
	out.flash = services->flash();
	return out;
}

std::string device_memory_advice(const at::Device &device)
{
	if (!device.is_cuda())
		return "the machine's";
	size_t used = 0, most = 0, free = 0, all = 0;
	services->memory(&used, &most, &free, &all);
	char text[160];
	std::snprintf(text, sizeof text, "%.1f of %.1f GB are taken by this run", static_cast<double>(most) / 1e9, static_cast<double>(all) / 1e9);
	return text;
}
