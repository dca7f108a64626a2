//! The `rutter` binary: hands the process's arguments to the command line.

fn main() -> std::process::ExitCode {
    rutter::cli::main(std::env::args_os())
}
