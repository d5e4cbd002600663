# Instructions of fixed pieces of work, against tests/bench/expected.
if(TARGET seqrec AND NOT SEQREC_SANITIZE)
  string(REGEX MATCH "^[0-9]+" major "${CMAKE_C_COMPILER_VERSION}")
  foreach(case load train_softmax train_gbce train_gru)
    add_test(NAME bench/instructions_of_${case}
      COMMAND ${CMAKE_CURRENT_LIST_DIR}/guard $<TARGET_FILE:seqrec> ${CMAKE_C_COMPILER_ID}-${major}-${CMAKE_SYSTEM_PROCESSOR}-${CMAKE_BUILD_TYPE} ${case})
    set_tests_properties(bench/instructions_of_${case} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
  endforeach()
endif()
