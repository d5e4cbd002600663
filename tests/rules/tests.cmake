# Rules of the house that a reader of one file cannot see.
foreach(rule layers calls sizes)
  add_test(NAME rules/${rule} COMMAND ${CMAKE_CURRENT_LIST_DIR}/${rule} ${PROJECT_SOURCE_DIR})
endforeach()
add_test(NAME rules/headers COMMAND ${CMAKE_CURRENT_LIST_DIR}/headers ${PROJECT_SOURCE_DIR} ${CMAKE_C_COMPILER} ${CMAKE_CXX_COMPILER})
