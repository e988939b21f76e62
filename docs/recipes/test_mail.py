"""pytest, or python3 -m unittest: rc as a process of its own, smtplib as the client."""
import json
import smtplib
import subprocess
import unittest


class Listener:
    def __enter__(self):
        self.process = subprocess.Popen(
            ["rc", "serve", "--temporary", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        ready = json.loads(self.process.stdout.readline())
        self.port = ready["ports"]["Default"]
        self.home = ready["home"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def rc(self, *args):
        out = subprocess.run(["rc", "--home", self.home, *args], check=True, capture_output=True, text=True).stdout
        return [json.loads(line) for line in out.splitlines()]


class MailTest(unittest.TestCase):
    def test_a_message_arrives(self):
        with Listener() as listener, smtplib.SMTP("127.0.0.1", listener.port) as smtp:
            smtp.sendmail("shop@contoso.com", ["bob@contoso.com"], "Subject: Invoice\r\n\r\nThank you.\r\n")
            [mail] = listener.rc("wait-message", "--subject", "Invoice", "--timeout", "10s")
            self.assertEqual(mail["Recipients"], ["bob@contoso.com"])

    def test_greylisting(self):
        with Listener() as listener:
            listener.rc("set", "Default", "--fault-rules", "rcpt 451 4.7.1 first 1", "--wait")
            with smtplib.SMTP("127.0.0.1", listener.port) as smtp:
                with self.assertRaises(smtplib.SMTPRecipientsRefused):
                    smtp.sendmail("a@contoso.com", ["b@contoso.com"], "x")
                smtp.sendmail("a@contoso.com", ["b@contoso.com"], "x")


if __name__ == "__main__":
    unittest.main()
