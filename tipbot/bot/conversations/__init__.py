"""What is said when: one module for each thing people do; every one answers, and none leads to a dead end."""
