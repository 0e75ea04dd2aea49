// glibc's settings of the heap (mallopt), which its own Swift module leaves out.
#pragma once
#include <malloc.h>
