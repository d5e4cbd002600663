# Flags of single files: kernels contract a*b+c where the CPU can, and each variant is compiled for its CPU.
set(SEQREC_KERNEL_FLAGS -O3 -ffp-contract=fast -fno-trapping-math -fno-math-errno)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(SEQREC_AVX2_FLAGS -mavx2 -mfma)
  set(SEQREC_AVX512_FLAGS -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma -mprefer-vector-width=512)
endif()
set_source_files_properties(src/tensor/native/kernels_portable.c PROPERTIES COMPILE_OPTIONS "${SEQREC_KERNEL_FLAGS}")
set_source_files_properties(src/tensor/native/kernels_avx2.c PROPERTIES COMPILE_OPTIONS "${SEQREC_KERNEL_FLAGS};${SEQREC_AVX2_FLAGS}")
set_source_files_properties(src/tensor/native/kernels_avx512.c PROPERTIES COMPILE_OPTIONS "${SEQREC_KERNEL_FLAGS};${SEQREC_AVX512_FLAGS}")

# Loops that the compiler turns into vectors: a square root must not set errno.
set_source_files_properties(src/trainer/optimizer.c PROPERTIES COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-trapping-math")

# The native backend in f64: for finite differences only. Its own build of the same sources.
if(SEQREC_TESTS AND TARGET seqrec_tensor)
  get_target_property(sources seqrec_tensor SOURCES)
  add_library(seqrec_tensor_f64 STATIC EXCLUDE_FROM_ALL ${sources})
  target_compile_definitions(seqrec_tensor_f64 PUBLIC SEQREC_REAL_DOUBLE)
  target_include_directories(seqrec_tensor_f64 PUBLIC include PRIVATE src)
  target_compile_options(seqrec_tensor_f64 PRIVATE ${SEQREC_C_WARNINGS})
  target_link_libraries(seqrec_tensor_f64 PUBLIC seqrec_base)
endif()

# The libtorch backend, a shared object that is opened on demand: -DSEQREC_TORCH=DIR, else the one in .venv, else python3's.
set(torch ${SEQREC_TORCH})
if(NOT torch)
  file(GLOB torch LIST_DIRECTORIES true ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch)
endif()
if(NOT torch)
  execute_process(COMMAND python3 -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
    OUTPUT_VARIABLE torch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(torch)
  list(GET torch 0 torch)
endif()
if(torch AND EXISTS ${torch}/include/ATen/ATen.h AND EXISTS ${torch}/lib/libtorch_cpu.so)
  message(STATUS "libtorch: ${torch}")
  foreach(file backend parameters learn masks operations losses sequences attention versions device)
    list(APPEND aten_sources src/tensor/aten/${file}.cpp)
  endforeach()
  add_library(seqrec_aten MODULE ${aten_sources})
  set_target_properties(seqrec_aten PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
    BUILD_RPATH "${torch}/lib" INSTALL_RPATH "${torch}/lib")
  target_include_directories(seqrec_aten PRIVATE include src)
  target_include_directories(seqrec_aten SYSTEM PRIVATE ${torch}/include)
  target_compile_options(seqrec_aten PRIVATE ${SEQREC_WARNINGS})
  target_link_directories(seqrec_aten PRIVATE ${torch}/lib)
  target_link_libraries(seqrec_aten PRIVATE torch_cpu c10 ${CMAKE_DL_LIBS})
  if(NOT SEQREC_SANITIZE)
    target_link_options(seqrec_aten PRIVATE -Wl,--no-undefined) # a libtorch of another C++ ABI is noticed here
  endif()
  install(TARGETS seqrec_aten LIBRARY DESTINATION lib COMPONENT torch) # its libtorch is this machine's: not packed
else()
  message(STATUS "libtorch: not found, so only the native backend is built")
endif()
