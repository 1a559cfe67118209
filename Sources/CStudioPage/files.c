#include "CStudioPage.h"

// Clang has C23's #embed in older C too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char base_css[] = {
#embed "page/base.css"
};
static const unsigned char parts_css[] = {
#embed "page/parts.css"
};
static const unsigned char views_css[] = {
#embed "page/views.css"
};
static const unsigned char icon_svg[] = {
#embed "page/icon.svg"
};
static const unsigned char api_js[] = {
#embed "page/api.js"
};
static const unsigned char app_js[] = {
#embed "page/app.js"
};
static const unsigned char arithmetic_js[] = {
#embed "page/arithmetic.js"
};
static const unsigned char blocks_js[] = {
#embed "page/blocks.js"
};
static const unsigned char chain_js[] = {
#embed "page/chain.js"
};
static const unsigned char chart_js[] = {
#embed "page/chart.js"
};
static const unsigned char colours_js[] = {
#embed "page/colours.js"
};
static const unsigned char dom_js[] = {
#embed "page/dom.js"
};
static const unsigned char filters_js[] = {
#embed "page/filters.js"
};
static const unsigned char gradcam_js[] = {
#embed "page/gradcam.js"
};
static const unsigned char inspector_js[] = {
#embed "page/inspector.js"
};
static const unsigned char layer_js[] = {
#embed "page/layer.js"
};
static const unsigned char look_js[] = {
#embed "page/look.js"
};
static const unsigned char maps_js[] = {
#embed "page/maps.js"
};
static const unsigned char matrix_js[] = {
#embed "page/matrix.js"
};
static const unsigned char pad_js[] = {
#embed "page/pad.js"
};
static const unsigned char picture_js[] = {
#embed "page/picture.js"
};
static const unsigned char pooling_js[] = {
#embed "page/pooling.js"
};
static const unsigned char prediction_js[] = {
#embed "page/prediction.js"
};
static const unsigned char runs_js[] = {
#embed "page/runs.js"
};
static const unsigned char session_js[] = {
#embed "page/session.js"
};
static const unsigned char shift_js[] = {
#embed "page/shift.js"
};
static const unsigned char store_js[] = {
#embed "page/store.js"
};
static const unsigned char texts_js[] = {
#embed "page/texts.js"
};
static const unsigned char train_js[] = {
#embed "page/train.js"
};
static const unsigned char try_js[] = {
#embed "page/try.js"
};

#define HTML "text/html; charset=utf-8"
#define CSS "text/css; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"

static const strata_page_file files[] = {
    {"index.html", HTML, index_html, sizeof index_html},
    {"base.css", CSS, base_css, sizeof base_css},
    {"parts.css", CSS, parts_css, sizeof parts_css},
    {"views.css", CSS, views_css, sizeof views_css},
    {"icon.svg", "image/svg+xml", icon_svg, sizeof icon_svg},
    {"api.js", SCRIPT, api_js, sizeof api_js},
    {"app.js", SCRIPT, app_js, sizeof app_js},
    {"arithmetic.js", SCRIPT, arithmetic_js, sizeof arithmetic_js},
    {"blocks.js", SCRIPT, blocks_js, sizeof blocks_js},
    {"chain.js", SCRIPT, chain_js, sizeof chain_js},
    {"chart.js", SCRIPT, chart_js, sizeof chart_js},
    {"colours.js", SCRIPT, colours_js, sizeof colours_js},
    {"dom.js", SCRIPT, dom_js, sizeof dom_js},
    {"filters.js", SCRIPT, filters_js, sizeof filters_js},
    {"gradcam.js", SCRIPT, gradcam_js, sizeof gradcam_js},
    {"inspector.js", SCRIPT, inspector_js, sizeof inspector_js},
    {"layer.js", SCRIPT, layer_js, sizeof layer_js},
    {"look.js", SCRIPT, look_js, sizeof look_js},
    {"maps.js", SCRIPT, maps_js, sizeof maps_js},
    {"matrix.js", SCRIPT, matrix_js, sizeof matrix_js},
    {"pad.js", SCRIPT, pad_js, sizeof pad_js},
    {"picture.js", SCRIPT, picture_js, sizeof picture_js},
    {"pooling.js", SCRIPT, pooling_js, sizeof pooling_js},
    {"prediction.js", SCRIPT, prediction_js, sizeof prediction_js},
    {"runs.js", SCRIPT, runs_js, sizeof runs_js},
    {"session.js", SCRIPT, session_js, sizeof session_js},
    {"shift.js", SCRIPT, shift_js, sizeof shift_js},
    {"store.js", SCRIPT, store_js, sizeof store_js},
    {"texts.js", SCRIPT, texts_js, sizeof texts_js},
    {"train.js", SCRIPT, train_js, sizeof train_js},
    {"try.js", SCRIPT, try_js, sizeof try_js},
};

const strata_page_file *strata_page_files(size_t *count) {
    *count = sizeof files / sizeof files[0];
    return files;
}
