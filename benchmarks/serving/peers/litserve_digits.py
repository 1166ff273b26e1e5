"""litserve_digits.py MODEL PORT BATCH: LitServe, one worker, items run together up to BATCH."""

import sys

import litserve

from digits_session import Session

model, port, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


class Digits(litserve.LitAPI):
    def setup(self, device):
        self.session = Session(model)

    def decode_request(self, request):
        return request["pixels"]

    def predict(self, pixels):
        return self.session.best([pixels] if batch == 1 else pixels)

    def encode_response(self, output):
        return output[0] if isinstance(output, list) else output


if __name__ == "__main__":
    api = Digits(max_batch_size=batch, batch_timeout=0.001) if batch > 1 else Digits()
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=port, num_api_servers=1, generate_client_file=False, log_level="error")
