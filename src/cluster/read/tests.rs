//! Lists, watches and logs above a scripted server.
