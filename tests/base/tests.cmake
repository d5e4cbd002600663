# Files of ours judged by the official readers.
if(TARGET seqrec_base)
  add_executable(safetensors_driver ${CMAKE_CURRENT_LIST_DIR}/safetensors_driver.c)
  set_target_properties(safetensors_driver PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(safetensors_driver PRIVATE seqrec_base)
  add_test(NAME golden/safetensors
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/with_python ${CMAKE_CURRENT_LIST_DIR}/check_safetensors.py $<TARGET_FILE:safetensors_driver>)
  set_tests_properties(golden/safetensors PROPERTIES SKIP_RETURN_CODE 77)
endif()
