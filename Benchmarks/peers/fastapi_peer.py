"""A model behind FastAPI, for uvicorn; the environment names the runtime, the model, the threads.

Handlers are coroutines: for predictions of a millisecond that is faster than FastAPI's thread pool.
"""

import os

import serving_runtimes
from fastapi import FastAPI, Request, Response

model = serving_runtimes.Model(
    os.environ["SERVING_RUNTIME"], os.environ["SERVING_MODEL"],
    int(os.environ.get("SERVING_THREADS", "0")))
app = FastAPI()


@app.get("/ready")
async def ready():
    return {"ready": True}


@app.post("/tensor")
async def tensor(request: Request):
    return Response(
        model.tensor(await request.body()).tobytes(), media_type="application/octet-stream")


@app.post("/picture")
async def picture(request: Request):
    return model.picture(await request.body())
