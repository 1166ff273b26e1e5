"""A handler class: preprocess, inference and postprocess work on the whole batch."""


class Base:
    def preprocess(self, items):
        return [item["text"] for item in items]


class Lengths(Base):
    def initialize(self, context):
        self.unit = context.system_properties["model_dir"] and context.parameters["unit"]
        self.closed = False

    def inference(self, texts):
        return (len(text) for text in texts)

    def postprocess(self, lengths, context):
        return [{"length": length, "unit": self.unit, "instance": context.instance} for length in lengths]


class Other:
    async def predict(self, item):
        return {"other": item}
