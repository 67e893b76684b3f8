//! The bundled fonts: Latin in three weights, Chinese behind each.

use super::style::text;
use egui::{Context, FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

const CHINESE: &str = "chinese";
/// Chinese characters fill their box, Latin letters stand on a baseline: raised by this share of the size, both look
/// centred in a button.
const RAISE_CHINESE: f32 = -0.06;

/// Makes the bundled fonts the window's only ones, so that every machine shows the same glyphs.
pub(super) fn install(context: &Context) {
    let mut fonts = FontDefinitions::empty();
    let files: [(&str, &'static [u8]); 4] = [
        ("regular", include_bytes!("../../assets/fonts/PlanwrightSans-Regular.ttf")),
        ("medium", include_bytes!("../../assets/fonts/PlanwrightSans-Medium.ttf")),
        ("semibold", include_bytes!("../../assets/fonts/PlanwrightSans-SemiBold.ttf")),
        (CHINESE, include_bytes!("../../assets/fonts/NotoSansSC-subset.otf")),
    ];
    for (name, bytes) in files {
        let mut data = FontData::from_static(bytes);
        if name == CHINESE {
            data.tweak.y_offset_factor = RAISE_CHINESE;
        }
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    let families = [
        (FontFamily::Proportional, "regular"),
        (FontFamily::Monospace, "regular"),
        (text::medium(), "medium"),
        (text::semibold(), "semibold"),
    ];
    for (family, name) in families {
        fonts.families.insert(family, vec![name.to_owned(), CHINESE.to_owned()]);
    }
    context.set_fonts(fonts);
}
