"""What people do: one use case a file, and in it one public function of that name."""
