// Tables and plots.
