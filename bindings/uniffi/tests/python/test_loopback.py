"""The loopback receiver through the generated layer, with a socket of our own as the browser."""

import socket
import threading
import unittest

import proofkey as pk

# Nothing here waits so long; it is the end of a test that hangs.
LONG_MS = 20_000


def browser(port, path, host="127.0.0.1"):
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
        return answer


class Receiving(unittest.TestCase):
    def setUp(self):
        self.receiver = pk.LoopbackReceiver.bind(pk.LoopbackHost.V4, 0, "/callback")
        self.addCleanup(self.receiver.release)

    def test_a_redirect_arrives_as_it_came(self):
        port = self.receiver.port()
        self.assertEqual(self.receiver.redirect_uri(), f"http://127.0.0.1:{port}/callback")
        visit = threading.Thread(target=browser, args=(port, "/callback?code=x&state=y"))
        visit.start()
        received = self.receiver.wait(LONG_MS)
        visit.join()
        self.assertEqual(received.uri, f"http://127.0.0.1:{port}/callback?code=x&state=y")
        self.assertTrue(self.receiver.wait(0).is_ELAPSED())

    def wait_on_a_thread(self):
        ended = []
        thread = threading.Thread(target=lambda: ended.append(self.receiver.wait(LONG_MS)))
        thread.start()
        return thread, ended

    def test_cancel_ends_the_wait_of_another_thread(self):
        thread, ended = self.wait_on_a_thread()
        self.receiver.cancel()
        thread.join()
        self.assertTrue(ended[0].is_CANCELLED())
        self.assertTrue(self.receiver.wait(LONG_MS).is_CANCELLED())

    def test_release_ends_the_wait_and_gives_the_port_back(self):
        port = self.receiver.port()
        thread, ended = self.wait_on_a_thread()
        self.receiver.release()
        thread.join()
        self.assertTrue(ended[0].is_CANCELLED())
        self.receiver.release()
        again = pk.LoopbackReceiver.bind(pk.LoopbackHost.V4, port, "/")
        again.release()

    def test_a_port_in_use_is_an_error(self):
        with self.assertRaises(pk.ProofKeyError.Failed) as caught:
            pk.LoopbackReceiver.bind(pk.LoopbackHost.V4, self.receiver.port(), "/callback")
        self.assertEqual(caught.exception.code, "port_in_use")
        self.assertEqual(caught.exception.family, pk.Family.RETRY)


if __name__ == "__main__":
    unittest.main()
