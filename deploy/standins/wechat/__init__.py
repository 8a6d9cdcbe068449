"""The WeChat stand-in: judges Official Account and WeCom requests as the real servers do, and shows what arrived."""
