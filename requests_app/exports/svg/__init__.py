"""Drawing of charts as SVG, one module for each way of laying out bars."""
