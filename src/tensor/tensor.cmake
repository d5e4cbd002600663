# Flags of single files: kernels contract a*b+c where the CPU can, and each variant is compiled for its CPU.
set(SEQREC_KERNEL_FLAGS -O3 -ffp-contract=fast -fno-trapping-math -fno-math-errno)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(SEQREC_AVX2_FLAGS -mavx2 -mfma)
  set(SEQREC_AVX512_FLAGS -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma -mprefer-vector-width=512)
endif()
set_source_files_properties(src/tensor/native/kernels_portable.c PROPERTIES COMPILE_OPTIONS "${SEQREC_KERNEL_FLAGS}")
set_source_files_properties(src/tensor/native/kernels_avx2.c PROPERTIES COMPILE_OPTIONS "${SEQREC_KERNEL_FLAGS};${SEQREC_AVX2_FLAGS}")
set_source_files_properties(src/tensor/native/kernels_avx512.c PROPERTIES COMPILE_OPTIONS "${SEQREC_KERNEL_FLAGS};${SEQREC_AVX512_FLAGS}")

# The native backend in f64: for finite differences only. Its own build of the same sources.
if(SEQREC_TESTS AND TARGET seqrec_tensor)
  get_target_property(sources seqrec_tensor SOURCES)
  add_library(seqrec_tensor_f64 STATIC EXCLUDE_FROM_ALL ${sources})
  target_compile_definitions(seqrec_tensor_f64 PUBLIC SEQREC_REAL_DOUBLE)
  target_include_directories(seqrec_tensor_f64 PUBLIC include PRIVATE src)
  target_compile_options(seqrec_tensor_f64 PRIVATE ${SEQREC_C_WARNINGS})
  target_link_libraries(seqrec_tensor_f64 PUBLIC seqrec_base)
endif()
