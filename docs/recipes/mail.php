<?php
// PHP: the listener is a process, the mail goes over a socket as PHPMailer's does, and HTTP tells what came.
// Run by: php mail.php   (rc on the PATH)

/** Starts one. @return array{0: resource, 1: array} the process, and what it says when it serves */
function start(): array
{
    $process = proc_open(['rc', 'serve', '--temporary', '--json'], [1 => ['pipe', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
    $line = fgets($pipes[1]);
    if ($line === false) throw new RuntimeException('rc serve did not start');
    return [$process, json_decode($line, true, 16, JSON_THROW_ON_ERROR)];
}

/** Asks the API. @return mixed what it answers */
function ask(array $ready, string $method, string $path, mixed $body = null): mixed
{
    $token = trim(file_get_contents($ready['apiTokenFile']));
    $context = stream_context_create(['http' => [
        'method' => $method,
        'header' => "Authorization: Bearer $token\r\nContent-Type: application/json\r\nConnection: close",
        'content' => $body === null ? '' : json_encode($body),
        'ignore_errors' => true,
    ]]);
    $answer = file_get_contents($ready['api'] . $path, false, $context);
    return $answer === '' ? null : json_decode($answer, true, 64, JSON_THROW_ON_ERROR);
}

/** Sends a message. @return string the reply that decided */
function send(int $port, string $from, string $to, string $subject, string $text): string
{
    $socket = stream_socket_client("tcp://127.0.0.1:$port", $code, $why, 10);
    $reply = function () use ($socket): string {
        do $line = fgets($socket); while ($line !== false && ($line[3] ?? ' ') === '-');
        return trim((string) $line);
    };
    $last = $reply();
    $message = "From: $from\r\nTo: $to\r\nSubject: $subject\r\n\r\n$text\r\n.";
    foreach (["EHLO php.test", "MAIL FROM:<$from>", "RCPT TO:<$to>", 'DATA', $message] as $line) {
        fwrite($socket, "$line\r\n");
        $last = $reply();
        if ($last[0] >= '4') break;
    }
    fwrite($socket, "QUIT\r\n");
    fclose($socket);
    return $last;
}

function expect(mixed $wanted, mixed $found): void
{
    if ($wanted !== $found) throw new RuntimeException('expected ' . json_encode($wanted) . ', got ' . json_encode($found));
}

[$process, $ready] = start();
try {
    $port = $ready['ports']['Default'];
    ask($ready, 'PUT', '/v1/faults', ['rules' => ['rcpt 451 4.7.1 "Greylisted" first 1']]);
    expect('451 4.7.1 Greylisted', send($port, 'sue@contoso.test', 'bob@contoso.test', 'Invoice 1', 'Thank you.'));
    expect('250', substr(send($port, 'sue@contoso.test', 'bob@contoso.test', 'Invoice 1', 'Thank you.'), 0, 3));
    $message = ask($ready, 'GET', '/v1/messages/wait?to=bob&subject=Invoice*&timeout=10s');
    expect("Thank you.\n", $message['text']);
    echo "2 sent, 1 taken: {$message['subject']}\n";
} finally {
    proc_terminate($process);
    proc_close($process);
}
