"""Everything that people may be told, as samples: to look at before it is sent, and to test."""
