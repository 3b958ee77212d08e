// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/library.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>
#include <vector>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

namespace fs = std::filesystem;

// The text of the error that opening the library ends in.
template <typename Expected>
std::string failure_of(const fs::path& path, std::string_view prefix) {
  try {
    static_cast<void>(Library::open(path, prefix));
  } catch (const Expected& error) {
    EXPECT_EQ(error.detail().library, path.has_parent_path() ? path : fs::path());
    return error.what();
  }
  ADD_FAILURE() << path << " was opened";
  return {};
}

// A folder of its own, gone after the test.
class Loading : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  const fs::path folder_ =  // NOLINT(*-non-private-member-variables-in-classes)
      fs::temp_directory_path() /
      ("qdmikit-" + std::to_string(::getpid()) + "-" + ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Loading, NamesTheFileAndTheLoadersReasonForAMissingLibrary) {
  const fs::path missing = folder_ / "libmissing.so";
  const std::string text = failure_of<LoadError>(missing, "SCRIPTED");
  EXPECT_TRUE(contains(text, missing.string()));
  EXPECT_TRUE(contains(text, "No such file or directory"));
}

TEST_F(Loading, GivesTheLoadersReasonForAFileThatIsNoLibrary) {
  const fs::path text = folder_ / "libtext.so";
  std::ofstream(text) << "this is no library, but long enough to be read as the header of one. "
                         "this is no library, but long enough to be read as the header of one.";
  const std::string reason = failure_of<LoadError>(text, "SCRIPTED");
  EXPECT_TRUE(contains(reason, text.string()));
  EXPECT_TRUE(contains(reason, "invalid ELF header"));
}

TEST_F(Loading, NamesEveryMissingSymbol) {
  const std::string text = failure_of<LoadError>(library("lacks-symbol"), "FAULTY");
  EXPECT_TRUE(contains(text, library("lacks-symbol").string()));
  EXPECT_TRUE(contains(text, "FAULTY_QDMI_device_job_submit"));
  EXPECT_TRUE(contains(text, "FAULTY_QDMI_device_job_free"));
  EXPECT_FALSE(contains(text, "FAULTY_QDMI_device_job_wait"));
}

TEST_F(Loading, RecognisesALibraryForQdmi13) {
  const std::string text = failure_of<LoadError>(library("qdmi-1-3"), "FAULTY");
  EXPECT_TRUE(contains(text, "QDMI 1.3"));
  EXPECT_TRUE(contains(text, "FAULTY_QDMI_device_job_set_programs"));
}

TEST_F(Loading, SuspectsThePrefixWhenNoSymbolHasIt) {
  EXPECT_TRUE(contains(failure_of<LoadError>(library("scripted-device"), "OTHER"), "prefix is not 'OTHER'"));
  EXPECT_TRUE(contains(failure_of<LoadError>(library("no-device"), "OTHER"), "no QDMI device library"));
}

TEST_F(Loading, LoadErrorsHaveTheStatusOfAMissingLibrary) {
  try {
    static_cast<void>(Library::open(folder_ / "libmissing.so", "SCRIPTED"));
    FAIL();
  } catch (const LibraryNotFound& error) {
    EXPECT_EQ(error.status(), Status::LibraryNotFound);
    EXPECT_EQ(error.kind(), "LoadError");
  }
}

TEST_F(Loading, RefusesABareNameEvenIfTheWorkingDirectoryHasIt) {
  const fs::path before = fs::current_path();
  fs::copy_file(library("scripted-device"), folder_ / "libbare.so");
  fs::current_path(folder_);
  EXPECT_TRUE(contains(failure_of<InvalidArgument>("libbare.so", "SCRIPTED"), "./libbare.so"));
  EXPECT_NO_THROW(static_cast<void>(Library::open("./libbare.so", "SCRIPTED")));
  fs::current_path(before);
}

TEST_F(Loading, RefusesAPrefixThatIsNoCIdentifier) {
  for (const char* prefix : {"", "1ST", "A-B", "A B"}) {
    EXPECT_TRUE(contains(failure_of<InvalidArgument>(library("scripted-device"), prefix), "C identifier"));
  }
}

TEST_F(Loading, InitialisesOncePerModuleWhateverThePathAndTheThread) {
  // A copy is a module of its own, so that its count starts at none; a link leads to the same module.
  const fs::path copy = folder_ / "libcopy.so";
  const fs::path link = folder_ / "liblink.so";
  fs::copy_file(library("scripted-device"), copy);
  fs::create_symlink(copy, link);

  constexpr int kThreads = 8;
  std::latch start(kThreads);
  {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        static_cast<void>(Library::open(i % 2 == 0 ? copy : link, "SCRIPTED"));
      });
    }
  }
  EXPECT_EQ(counted(open_device(copy, "SCRIPTED"), "initialize"), 1);
  EXPECT_EQ(counted(open_device(copy, "SCRIPTED"), "finalize"), 0);
}

TEST_F(Loading, TriesAFailedInitialisationAgain) {
  EXPECT_TRUE(
      contains(failure_of<PermissionDenied>(library("fails-first"), "FAULTY"), "FAULTY_QDMI_device_initialize"));
  EXPECT_NO_THROW(static_cast<void>(Library::open(library("fails-first"), "FAULTY")));
}

TEST_F(Loading, TakesAWarningAtInitialisationForASuccess) {
  EXPECT_NO_THROW(static_cast<void>(Library::open(library("warns-at-initialize"), "FAULTY")));
}

TEST_F(Loading, KnowsWhichOptionalFunctionsThereAre) {
  const Library whole = Library::open(library("scripted-device"), "SCRIPTED");
  EXPECT_TRUE(whole.retrieves_jobs());
  EXPECT_TRUE(whole.explains_errors());
  EXPECT_TRUE(whole.calibrates());

  const Library plain = Library::open(library("plain-device"), "SCRIPTED");
  EXPECT_FALSE(plain.retrieves_jobs());
  EXPECT_FALSE(plain.explains_errors());
  EXPECT_FALSE(plain.calibrates());
}

}  // namespace
}  // namespace qdmikit::test
