/* SQLite of the machine, for the example GrantServer and the tests. No product has it. */
#include <sqlite3.h>
