#include <string>
#include <vector>

namespace {

std::vector<std::string> words{"forty", "two"};

}

extern "C" int boot_words() {
    return static_cast<int>(words.size());
}
