"""LangChain in Python: `pip install langchain-openai`, then with the variables as in openai-client.ts: `python3 examples/langchain_client.py`."""

import os

from langchain_openai import ChatOpenAI

model = ChatOpenAI(
    model="tinyllama",
    base_url=os.environ["LLM_STACK_URL"] + "/v1",
    api_key=os.environ["LLM_STACK_KEY"],
    max_tokens=60,
)
print(model.invoke("What is a container?").content)
