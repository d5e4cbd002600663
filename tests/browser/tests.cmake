# report.html in a real browser.
if(TARGET seqrec)
  add_test(NAME browser/report COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/with_python ${CMAKE_CURRENT_LIST_DIR}/check_report.py $<TARGET_FILE:seqrec>)
  set_tests_properties(browser/report PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()
