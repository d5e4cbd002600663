# Metrics against scikit-learn on random cases; scripts/golden/random_metrics runs more of them.
if(TARGET seqrec_report)
  add_executable(metrics_driver ${CMAKE_CURRENT_LIST_DIR}/metrics_driver.c)
  set_target_properties(metrics_driver PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(metrics_driver PRIVATE seqrec_report)
  add_test(NAME golden/random_metrics
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/with_python ${PROJECT_SOURCE_DIR}/scripts/golden/random_metrics $<TARGET_FILE:metrics_driver> --cases 1000)
  set_tests_properties(golden/random_metrics PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()
# report_driver ROWS FOLDER: times the report of so many scored rows; a million must make a page below 1 MB.
if(TARGET seqrec_report)
  add_executable(report_driver ${CMAKE_CURRENT_LIST_DIR}/report_driver.c)
  set_target_properties(report_driver PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(report_driver PRIVATE seqrec_report)
  add_test(NAME report/a_million_rows_make_a_small_page COMMAND report_driver 1000000 ${CMAKE_BINARY_DIR}/tests/report_of_a_million)
  set_tests_properties(report/a_million_rows_make_a_small_page PROPERTIES TIMEOUT 120)
endif()
