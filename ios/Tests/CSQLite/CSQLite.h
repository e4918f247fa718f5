/* SQLite of the machine, for the store of the tests. No product has it. */
#include <sqlite3.h>
