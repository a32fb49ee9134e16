"""What linli costs, measured side by side with what people would use instead: `make benchmark`."""
