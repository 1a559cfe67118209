#include "CStudioPage.h"

// Clang has C23's #embed in older C too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "page/index.html"
};

static const strata_page_file files[] = {
    {"index.html", "text/html; charset=utf-8", index_html, sizeof index_html},
};

const strata_page_file *strata_page_files(size_t *count) {
    *count = sizeof files / sizeof files[0];
    return files;
}
