// SPDX-License-Identifier: Apache-2.0
#include <nanobind/nanobind.h>

#include <exception>
#include <string_view>

#include "bindings.hpp"
#include "qdmikit/error.hpp"

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

// Paths and the loader's words need not be UTF-8.
nb::object text(std::string_view bytes) {
  return nb::steal(PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

nb::object text_or_none(std::string_view bytes) { return bytes.empty() ? nb::none() : text(bytes); }

nb::object server_errors(const ErrorDetail& detail) {
  nb::list errors;
  for (const ServerError& error : detail.server_errors) {
    nb::dict entry;
    entry["error_code"] = text(error.error_code);
    entry["message"] = text(error.message);
    entry["source"] = text(error.source);
    errors.append(entry);
  }
  return nb::tuple(errors);
}

void raise(const Error& error) {
  const ErrorDetail& detail = error.detail();
  const nb::object type = nb::module_::import_("qdmikit.errors").attr(error.name().data());
  const nb::object raised =
      type(text(error.what()), nb::arg("status") = text(to_string(detail.status)), nb::arg("kind") = text(error.kind()),
           nb::arg("message") = text(detail.message), nb::arg("function") = text_or_none(detail.function),
           nb::arg("library") = text_or_none(detail.library.native()),
           nb::arg("http_status") = detail.http_status != 0 ? nb::object(nb::int_(detail.http_status)) : nb::none(),
           nb::arg("error_code") = text_or_none(detail.error_code),
           nb::arg("request_id") = text_or_none(detail.request_id), nb::arg("server_errors") = server_errors(detail),
           nb::arg("programs_max") = detail.programs_max != 0 ? nb::object(nb::int_(detail.programs_max)) : nb::none());
  PyErr_SetObject(type.ptr(), raised.ptr());
}

}  // namespace

// The Python classes stand in qdmikit.errors, under the names that the C++ classes give themselves.
void bind_errors() {
  nb::register_exception_translator([](const std::exception_ptr& exception, void*) {
    try {
      std::rethrow_exception(exception);
    } catch (const Error& error) {
      try {
        raise(error);
      } catch (nb::python_error& python_error) {
        python_error.restore();  // the reason why the error could not be told is told instead
      }
    }
  });
}

}  // namespace qdmikit::bindings
