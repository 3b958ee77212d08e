// SPDX-License-Identifier: Apache-2.0
// figure_6 URL: Figure 6 of the paper, "Property query sequence for IQM QDMI device". Its statements stand as they are,
// but for two slips, each marked where it is corrected.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <vector>

#include "explain.h"
#include "iqm_qdmi/device.h"

using std::vector;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: figure_6 URL\n";
    return EXIT_FAILURE;
  }

  // What comes before the figure: a session, as in Figure 1.
  IQM_QDMI_device_initialize();
  IQM_QDMI_Device_Session session = nullptr;
  IQM_QDMI_device_session_alloc(&session);
  IQM_QDMI_device_session_set_parameter(session, QDMI_DEVICE_SESSION_PARAMETER_BASEURL, std::strlen(argv[1]) + 1,
                                        argv[1]);
  IQM_QDMI_device_session_init(session);
  if (failed()) {
    return EXIT_FAILURE;
  }

  size_t s_size = 0;
  IQM_QDMI_device_session_query_device_property(session, QDMI_DEVICE_PROPERTY_SITES, 0, NULL, &s_size);

  vector<IQM_QDMI_Site> sites(s_size / sizeof(IQM_QDMI_Site));
  // Corrected: the figure passes `sites_size`, which it does not declare; the size it has asked for is `s_size`.
  IQM_QDMI_device_session_query_device_property(session, QDMI_DEVICE_PROPERTY_SITES, s_size, sites.data(), NULL);

  uint64_t t1;
  // Corrected: the figure leaves out the prefix `IQM_`, under which the device exports this function, too.
  IQM_QDMI_device_session_query_site_property(session, sites[0], QDMI_SITE_PROPERTY_T1, sizeof(uint64_t), &t1, NULL);

  // What comes after the figure: the unit in which the device counts, and the end.
  char unit[8] = "";
  IQM_QDMI_device_session_query_device_property(session, QDMI_DEVICE_PROPERTY_DURATIONUNIT, sizeof(unit), unit, NULL);
  if (failed()) {
    return EXIT_FAILURE;
  }
  std::cout << sites.size() << " sites\nT1 of the first: " << t1 << ' ' << unit << '\n';
  IQM_QDMI_device_session_free(session);
  IQM_QDMI_device_finalize();
  return EXIT_SUCCESS;
}
