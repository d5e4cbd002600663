# Instructions of fixed pieces of work, against tests/bench/expected.
if(TARGET seqrec AND NOT SEQREC_SANITIZE)
  string(REGEX MATCH "^[0-9]+" major "${CMAKE_C_COMPILER_VERSION}")
  foreach(case load train_softmax train_gbce train_gru)
    add_test(NAME bench/instructions_of_${case}
      COMMAND ${CMAKE_CURRENT_LIST_DIR}/guard $<TARGET_FILE:seqrec> ${CMAKE_C_COMPILER_ID}-${major}-${CMAKE_SYSTEM_PROCESSOR}-${CMAKE_BUILD_TYPE} ${case})
    set_tests_properties(bench/instructions_of_${case} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
  endforeach()
  # What check expects a training to hold at its peak, and what it holds: gross errors only, for a peak differs by the C library and the load; the promise
  # of a fifth is compared by scripts/bench/memory_plan, for all configs.
  add_test(NAME bench/memory_is_as_planned COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/with_python ${PROJECT_SOURCE_DIR}/scripts/bench/memory_plan --program $<TARGET_FILE:seqrec>
    --bound 0.5 --set evaluate.resamples=20 --set run.threads=2 ${PROJECT_SOURCE_DIR}/configs/quickstart.json ${PROJECT_SOURCE_DIR}/configs/coupon_response.json)
  set_tests_properties(bench/memory_is_as_planned PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()
