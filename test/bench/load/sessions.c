// The load of sessions.mjs, which costs a machine a third as much: `sessions PORT COUNT AT_ONCE [tls]`. A process for each of the
// sessions that are open at once, one message of 1 KB each. Ends with 1 when a session was not served. Compiled where there are cc
// and OpenSSL's headers: cc -O2 sessions.c -lssl -lcrypto
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int fd;
static SSL *ssl; // NULL: in the clear

static void send_all(const char *text, int length) {
  for (int sent = 0; sent < length;) {
    int n = ssl ? SSL_write(ssl, text + sent, length - sent) : (int)write(fd, text + sent, length - sent);
    if (n <= 0) _exit(1);
    sent += n;
  }
}

/** Reads one reply to its last line (RFC 5321 section 4.2); ends the process when it is not of 2xx or 3xx. */
static void hear(void) {
  static char reply[65536];
  for (int length = 0;;) {
    int room = (int)sizeof reply - length - 1;
    int n = ssl ? SSL_read(ssl, reply + length, room) : (int)read(fd, reply + length, room);
    if (n <= 0 || room == 0) _exit(1);
    length += n;
    reply[length] = 0;
    if (reply[length - 1] != '\n') continue;
    int line = length - 1;
    while (line > 0 && reply[line - 1] != '\n') line--;
    if (length - line < 4 || reply[line + 3] != ' ') continue;
    if (reply[0] == '2' || reply[0] == '3') return;
    fputs(reply, stderr);
    _exit(1);
  }
}

static void say(const char *line) {
  send_all(line, (int)strlen(line));
  hear();
}

static void session(int port, SSL_CTX *context) {
  static char message[1006];
  memset(message, 'y', 1000);
  memcpy(message, "Subject: load\r\n\r\n", 17);
  memcpy(message + 1000, "\r\n.\r\n", 6);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&to, sizeof to)) {
    perror("connect");
    _exit(1);
  }
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  hear();
  say("EHLO load\r\n");
  if (context) {
    say("STARTTLS\r\n");
    SSL *secure = SSL_new(context);
    SSL_set_fd(secure, fd);
    if (SSL_connect(secure) != 1) _exit(1);
    ssl = secure;
    say("EHLO load\r\n");
  }
  say("MAIL FROM:<a@contoso.com>\r\n");
  say("RCPT TO:<b@contoso.com>\r\n");
  say("DATA\r\n");
  say(message);
  say("QUIT\r\n");
  if (ssl) SSL_free(ssl);
  ssl = NULL;
  close(fd);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int port = atoi(argv[1]), count = atoi(argv[2]), at_once = atoi(argv[3]);
  int tls = argc > 4 && strcmp(argv[4], "tls") == 0;
  for (int i = 0; i < at_once; i++) {
    if (fork()) continue;
    SSL_CTX *context = tls ? SSL_CTX_new(TLS_client_method()) : NULL;
    for (int n = i; n < count; n += at_once) session(port, context);
    _exit(0);
  }
  int status, failed = 0;
  while (wait(&status) > 0) failed |= status;
  return failed ? 1 : 0;
}
