//! The kernels against candle's autograd and finite differences, the training against what it must learn, and the
//! method against what users do to it.

mod gradients;

mod method;
